package io.moha.bench.ha;

import java.time.Duration;

/**
 * What every writer of one run does.
 *
 * @param run number of the run, which keeps its rows apart
 * @param url JDBC address of the write port
 * @param user who logs in
 * @param password with what
 * @param shape how writes are sent
 * @param interval between two writes of one writer; zero for as fast as possible
 */
record WritePlan(
        long run, String url, String user, String password, WriteShape shape, Duration interval) {

    /** Without the password, so that it can be logged. */
    @Override
    public String toString() {
        return "WritePlan[" + run + ", " + shape + ", " + interval + "]";
    }
}
