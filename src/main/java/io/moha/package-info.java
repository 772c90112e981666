/** The product's entry point: {@link io.moha.Moha} chooses what this process is. */
@NullMarked
package io.moha;

import org.jspecify.annotations.NullMarked;
