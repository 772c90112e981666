/** Boundaries and sizes of the product's own code, as tests that run. */
@NullMarked
package io.moha.architecture;

import org.jspecify.annotations.NullMarked;
