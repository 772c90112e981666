/**
 * What an agent does, and why: pure functions from what was seen, and the time it is, to a decision
 * that carries its reason. No I/O, no clock, no thread, no logger, no randomness: the same inputs
 * always give the same answer, so that a simulator can drive the very code that runs in production.
 */
@NullMarked
package io.moha.agent.decide;

import org.jspecify.annotations.NullMarked;
