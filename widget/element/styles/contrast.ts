export type Rgb = readonly [number, number, number];

/** WCAG 2.2, 1.4.3: what text needs against what it lies on. */
const READABLE = 4.5;

let canvas: CanvasRenderingContext2D | null | undefined;

/** A CSS colour as the browser paints it, whatever its notation; undefined for what is none. */
export function rgbOf(colour: string): Rgb | undefined {
  if (!CSS.supports('color', colour)) return undefined;
  canvas ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (!canvas) return undefined;
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** Relative luminance (WCAG 2.2), from 0 to 1. */
export function lightness(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 for two that are alike to 21 for black and white. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [lightness(a), lightness(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever stands out more on a colour: the better of them always has a contrast of 4.5. */
export function onColour(colour: Rgb): '#000' | '#fff' {
  return lightness(colour) > 0.179 ? '#000' : '#fff';
}

/** A colour as text: moved towards black, or where `darker` is false towards white, no further than it has to be. */
export function readableOn(colour: Rgb, place: Rgb, darker: boolean): string {
  const end = darker ? 0 : 255;
  for (let step = 0; ; step += 1) {
    const [red, green, blue] = colour.map((channel) =>
      Math.round(channel + ((end - channel) * step) / 20),
    ) as unknown as Rgb;
    if (step === 20 || contrast([red, green, blue], place) >= READABLE) return `rgb(${red} ${green} ${blue})`;
  }
}
