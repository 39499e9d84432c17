// A row as `cargo xtask bench` puts it into its table.

export interface Row { row: string; what: string; value: number; unit: string; bar: { at_most: number }; note: string }

export const atMost = (bar: number) => ({ at_most: bar });

/** A measured value: so many in a hundred are not above it. */
export function percentile(values: number[], hundredth: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((sorted.length * hundredth) / 100)) - 1] ?? 0;
}
