/** A property that fails says enough: looking for a smaller counterexample would take most of the time of a mutant. */
require('fast-check').configureGlobal({ endOnFailure: true });
