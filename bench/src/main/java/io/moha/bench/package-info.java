/** Measurements: JMH micro benchmarks and load drivers, reported as ratios within one run. */
@NullMarked
package io.moha.bench;

import org.jspecify.annotations.NullMarked;
