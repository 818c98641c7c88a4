/** Pictures that leave the panel. */
import { readTheme } from './colors';

/** A canvas on the theme's background, as a PNG in base64; '' where the browser gives no canvas to copy on. */
export function pngOf(canvas: HTMLCanvasElement): string {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d');
  if (!context) return '';
  context.fillStyle = readTheme().background;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  return copy.toDataURL('image/png').slice('data:image/png;base64,'.length);
}
