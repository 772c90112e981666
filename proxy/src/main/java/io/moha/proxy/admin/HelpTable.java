package io.moha.proxy.admin;

/** What HELP shows. */
final class HelpTable {

    private HelpTable() {}

    static ResultTable table() {
        return ResultTable.of("statement", "does")
                .row("SHOW CLUSTER", "epoch, primary, durability, maintenance, switchover")
                .row("SHOW NODES", "every MySQL server: role, lag, version, what is wrong with it")
                .row("SHOW PROXIES", "every proxy and where it listens")
                .row("SHOW SESSIONS", "every client of this proxy, and why it cannot move")
                .row("SHOW POOLS", "this proxy's connections to each server")
                .row("SHOW HISTORY", "every change of primary")
                .row("SHOW STATUS [LIKE 'pattern']", "this proxy's counters")
                .row("SHOW VARIABLES [LIKE 'pattern']", "this proxy's settings")
                .row("SWITCHOVER [TO 'node']", "changes the primary as planned; shows the phases")
                .row(
                        "SWITCHOVER [TO 'node'] DRY RUN",
                        "what it would mean to this proxy's sessions")
                .row("HOLD WRITES", "keeps back what would begin on the primary, on this proxy")
                .row("RELEASE WRITES", "lets it go on")
                .row("RELOAD", "reads the certificates of tls.cert, tls.key and tls.ca again")
                .row("PAUSE", "maintenance mode: no automatic failover")
                .row("RESUME", "ends maintenance mode")
                .row("DRAIN", "takes no new clients on this proxy and lets the others end")
                .row("KILL id", "ends one client's session");
    }
}
