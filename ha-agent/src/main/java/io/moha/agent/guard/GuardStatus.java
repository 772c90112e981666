package io.moha.agent.guard;

/**
 * What the guard knows of mysqld.
 *
 * @param state of the process
 * @param pid of mysqld; 0 when there is none
 * @param incarnation counts the starts of mysqld in this directory, from 1; 0 before the first
 * @param deadlineMillis when mysqld will be killed, on the boot clock; 0 when no deadline applies
 * @param epoch highest epoch the guard has seen
 * @param fencedEpoch highest epoch that the guard fenced; 0 when none
 * @param exit how the last mysqld ended, for people; empty when none did
 */
public record GuardStatus(
        State state,
        long pid,
        long incarnation,
        long deadlineMillis,
        long epoch,
        long fencedEpoch,
        String exit) {

    /** States of mysqld's process. */
    public enum State {
        /** The guard itself cannot be reached. */
        UNREACHABLE,
        /** The process runs. */
        RUNNING,
        /** SIGKILL was sent, and the process is not yet confirmed gone. */
        DYING,
        /** There is no process. */
        DEAD
    }
}
