package io.moha.proxy.admin;

import io.moha.proxy.session.SessionSnapshot;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What operators see and change of this proxy itself. Callable from any thread. */
public interface ProxyControl {

    /** Every session, by id. */
    CompletionStage<List<SessionSnapshot>> sessions();

    /** Sessions that are logged in. */
    int sessionCount();

    /** Sessions that wait for a primary. */
    int heldCount();

    /** Ends the session with this id, as KILL does; false when there is none. */
    CompletionStage<Boolean> kill(long id);

    /**
     * Takes no new clients from now on and lets those that are there end, as before a restart;
     * false when that had begun already.
     */
    boolean drain();

    /** Whether new clients are no longer taken. */
    boolean draining();

    /**
     * Keeps back whatever would begin on the primary, or lets it go on; what waits is bounded as in
     * a change of primary.
     *
     * @return whether that changed anything; done when it holds for every session
     */
    CompletionStage<Boolean> holdWrites(boolean hold);

    /** Reads certificates again; says what was read, or fails with why it cannot be used. */
    CompletionStage<String> reload();
}
