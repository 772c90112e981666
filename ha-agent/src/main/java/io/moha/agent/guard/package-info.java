/**
 * The guard: mysqld's parent process, which kills it at an absolute deadline unless the agent keeps
 * pushing that deadline forward. Here live the script and the agent's side of the conversation.
 */
@NullMarked
package io.moha.agent.guard;

import org.jspecify.annotations.NullMarked;
