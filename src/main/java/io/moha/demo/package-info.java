/**
 * A whole cluster on loopback: the files, processes and ports of {@code moha demo}, made of parts
 * that end-to-end tests use on their own. Knows how to start and stop servers, and nothing of how a
 * cluster decides.
 */
@NullMarked
package io.moha.demo;

import org.jspecify.annotations.NullMarked;
