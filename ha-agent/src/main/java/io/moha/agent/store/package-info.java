/** The agent's view of etcd, behind ClusterStore. The only user of jetcd in the agent. */
@NullMarked
package io.moha.agent.store;

import org.jspecify.annotations.NullMarked;
