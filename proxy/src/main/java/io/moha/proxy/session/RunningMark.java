package io.moha.proxy.session;

import io.moha.proxy.routing.Backend;

/** Counts one session among those that have work running on a primary, while it has. */
final class RunningMark {

    private final LoopSessions loop;
    private final ServerSlot server;
    private boolean counted;

    RunningMark(LoopSessions loop, ServerSlot server) {
        this.loop = loop;
        this.server = server;
    }

    /** Whether the session's server has work of it; which server that is, is looked up. */
    void set(boolean working) {
        ServerLink link = server.link();
        boolean running = working && link != null && link.backend().role() == Backend.Role.PRIMARY;
        if (running != counted) {
            counted = running;
            loop.countRunning(running ? 1 : -1);
        }
    }
}
