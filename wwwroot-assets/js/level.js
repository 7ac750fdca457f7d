// How loud something is, from 0 for silence to 1, by decibels, as ears do it.
const SILENT = -60;

/** @param samples Numbers from -1 to 1. */
export function levelOf(samples) {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const one of samples) sum += one * one;
  const decibels = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, 1 - decibels / SILENT));
}

/** From here on somebody speaks. */
export const HEARD = 0.25;
