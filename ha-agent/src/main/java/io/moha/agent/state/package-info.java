/**
 * What a node must not forget when its agent or its host restarts: kept in one small file, written
 * before anything is done that relies on it.
 */
@NullMarked
package io.moha.agent.state;

import org.jspecify.annotations.NullMarked;
