package io.moha.proxy.admin;

import java.util.List;

/** What operators see and change of this proxy itself. Callable from any thread. */
public interface ProxyControl {

    /** Every session, by id, as it was a moment ago. */
    List<SessionRow> sessions();

    /** Sessions that are logged in. */
    int sessionCount();

    /** Sessions that wait for a primary. */
    int heldCount();

    /** Ends the session with this id, as KILL does; false when there is none. */
    boolean kill(long id);

    /**
     * Takes no new clients from now on and lets those that are there end, as before a restart;
     * false when that had begun already.
     */
    boolean drain();

    /** Whether new clients are no longer taken. */
    boolean draining();
}
