// What a phone's camera hands over: a large JPEG that says where it was taken.

import type { Page } from '@playwright/test';

/** Stands in the picture's EXIF, as a place does. */
export const PLACE = '10.0452N 105.7469E';

export interface Snapshot {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture of the given size, each `hue` another. */
export async function snapshot(page: Page, hue: number, width = 3000, height = 2000): Promise<Snapshot> {
  const base64 = await page.evaluate(
    ([hue, width, height]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const pen = canvas.getContext('2d')!;
      const ground = pen.createLinearGradient(0, 0, width, height);
      ground.addColorStop(0, `hsl(${hue} 45% 70%)`);
      ground.addColorStop(1, `hsl(${hue + 40} 55% 30%)`);
      pen.fillStyle = ground;
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = `hsl(${hue + 180} 60% 60%)`;
      for (let jar = 0; jar < 5; jar++) pen.fillRect(width * (0.1 + jar * 0.17), height * 0.35, width * 0.12, height * 0.45);
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]!;
    },
    [hue, width, height] as const,
  );
  const jpeg = Buffer.from(base64, 'base64');
  const exif = Buffer.from(`Exif\0\0${PLACE}`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(exif.length + 2);
  const buffer = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, jpeg.subarray(2)]);
  return { name: `anh-${hue}.jpg`, mimeType: 'image/jpeg', buffer };
}
