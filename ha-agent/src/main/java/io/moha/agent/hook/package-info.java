/** Telling an operator's program what happens, without ever waiting for it. */
@NullMarked
package io.moha.agent.hook;

import org.jspecify.annotations.NullMarked;
