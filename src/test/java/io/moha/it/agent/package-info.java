/** The agent's guard and SQL on real servers, without a cluster around them. */
@NullMarked
package io.moha.it.agent;

import org.jspecify.annotations.NullMarked;
