/**
 * The deterministic simulator: the agents' real code, each thread of theirs a {@link
 * io.moha.agent.sim.Fiber}, against a simulated store, simulated servers, guards, clocks and
 * network. One seed decides everything, and invariants are checked after every event.
 */
@NullMarked
package io.moha.agent.sim;

import org.jspecify.annotations.NullMarked;
