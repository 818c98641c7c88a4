"""A script that logs: --rate points a second for --seconds, each a call of its own, as a training loop would."""
import argparse
import math
import time

import runyard

flags = argparse.ArgumentParser()
flags.add_argument("--rate", type=float, default=1000)
flags.add_argument("--seconds", type=float, default=15)
flags.add_argument("--seed", type=int, default=0)
args = flags.parse_args()

start = time.perf_counter()
for step in range(int(args.rate * args.seconds)):
    ahead = start + step / args.rate - time.perf_counter()
    if ahead > 0:
        time.sleep(ahead)
    runyard.log({"loss": math.exp(-step / 3000) + args.seed / 100}, step=step)
print(f"took {time.perf_counter() - start:.2f} s for {step + 1} points")
