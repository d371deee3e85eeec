import { unsafeUniformIntDistribution, xoroshiro128plus } from 'pure-rand';
import type { RandomGenerator } from 'pure-rand';

/** Reproducible random numbers for a seed. */
export type Random = RandomGenerator;

const STEPS = 2 ** 30;

export const randomOf = (seed: number): Random => xoroshiro128plus(seed);

/** At least 0, below 1. */
export const uniformFloat64 = (random: Random): number => unsafeUniformIntDistribution(0, STEPS - 1, random) / STEPS;
