package io.moha.agent.decide;

/**
 * Who this node is.
 *
 * @param id of the node
 * @param incarnation which life of the agent this is
 * @param address host:port at which clients and replicas reach its mysqld
 * @param ttlMs of the lease it takes when it leads
 * @param policy what was configured
 */
public record Identity(String id, String incarnation, String address, long ttlMs, Policy policy) {

    /** The name in which this node's own agent asks for things. */
    public String asker() {
        return "agent " + id;
    }
}
