package io.moha.proxy.session;

/**
 * Reads from each side only as fast as the other takes it, and from a client only as long as not
 * too many of its commands are unanswered. Confined to the session's loop.
 */
final class FlowControl {

    /** Unanswered commands at which reading stops; what was read until then still goes on. */
    private static final int MOST_OUTSTANDING = 1024;

    private final SessionMachine session;
    private boolean flooded;

    FlowControl(SessionMachine session) {
        this.session = session;
    }

    /** Commands were passed, or answered: cheap unless that made a difference. */
    void check() {
        if (isFlooded() != flooded) {
            adjust();
        }
    }

    private boolean isFlooded() {
        ServerLink link = session.server.link();
        return link != null && link.exchanges.size() >= MOST_OUTSTANDING;
    }

    /** Sets both channels to what is right now. */
    void adjust() {
        flooded = isFlooded();
        ServerLink link = session.server.link();
        boolean serverTakes = link == null || link.channel.isWritable();
        boolean takes = session.gate.isEmpty() && serverTakes && !flooded;
        session.client.channel.config().setAutoRead(takes || session.isClosed());
        if (link != null) {
            link.channel.config().setAutoRead(session.client.channel.isWritable());
        }
    }
}
