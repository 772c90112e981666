/**
 * The processes a measurement needs: starting and stopping them, waiting for them, and reading what
 * Linux counts about them. Nothing here knows what is measured.
 */
@NullMarked
package io.moha.bench.proc;

import org.jspecify.annotations.NullMarked;
