import { answerDraws } from '../../../../../src/core/evaluation/run/workers';

answerDraws();
