/** Writing results down: the results file, and what is said about the machine they come from. */
@NullMarked
package io.moha.bench.report;

import org.jspecify.annotations.NullMarked;
