// Runs in the page, before anything else there: when things happened by the page's own clock. No polling from outside,
// which would take the very processor time that is measured.

/** From a touch to the frame that shows its effect, in milliseconds. */
export interface Timed { painted: number }
export interface Tap extends Timed { saved: number }

export function installClock(): void {
  const SAVE_STATE = '[data-testid="save-state"]';
  /** After the frame that shows what is in the document now. */
  const painted = () =>
    new Promise<number>((resolve) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(0);
      }),
    );
  /** Once the document is as wanted, at the change that makes it so. */
  const once = (wanted: () => boolean) =>
    new Promise<void>((resolve) => {
      if (wanted()) return resolve();
      const observer = new MutationObserver(() => {
        if (!wanted()) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    });
  /** When the finger came down, and when the page had handled the click. */
  const touch = () =>
    new Promise<number>((resolve) => addEventListener('pointerdown', (event) => resolve(event.timeStamp), { once: true, capture: true }));
  const seen = (selector: string) => Array.from(document.querySelectorAll(selector)).some((found) => found.getClientRects().length > 0);
  const state = () => document.querySelector(SAVE_STATE)?.getAttribute('data-state');

  window.bench = {
    workList: once(() => seen('[data-testid^="work-item-"]')).then(painted),

    await: (timed) => {
      window.bench.awaited = timed;
    },

    until: async (selector) => {
      const start = await touch();
      await once(() => seen(selector));
      return { painted: (await painted()) - start };
    },

    tap: async () => {
      const saved = new Promise<number>((resolve) => {
        let saving = false;
        const observer = new MutationObserver(() => {
          saving ||= state() === 'saving';
          if (!saving || state() !== 'saved') return;
          observer.disconnect();
          resolve(performance.now());
        });
        observer.observe(document, { subtree: true, childList: true, attributes: true });
      });
      const handled = new Promise<void>((resolve) => addEventListener('click', () => resolve(), { once: true }));
      const start = await touch();
      await handled;
      const shown = (await painted()) - start;
      return { painted: shown, saved: (await saved) - start };
    },
  };
}
