package io.moha.agent.sim;

import java.util.List;

/**
 * How servers reach each other.
 *
 * @param network between their machines
 * @param servers by node index; filled while the cluster is put together
 */
record SimLinks(SimNetwork network, List<SimMysql> servers) {}
