package io.moha.bench.load;

import java.util.List;

/** One kind of work that sysbench does. */
public enum Workload {
    /** One row by its key, as text. */
    POINT_TEXT("point select, text", "query", false, "oltp_point_select", "--db-ps-mode=disable"),
    /** One row by its key, prepared. */
    POINT_PREPARED(
            "point select, prepared", "query", false, "oltp_point_select", "--db-ps-mode=auto"),
    /** Transactions of 14 reads, prepared, with BEGIN and COMMIT. */
    READ_ONLY("read only", "query", false, "oltp_read_only", "--db-ps-mode=auto"),
    /** Transactions of 4 writes, prepared, with BEGIN and COMMIT. */
    WRITE_ONLY("write only", "query", false, "oltp_write_only", "--db-ps-mode=auto"),
    /** Transactions of 14 reads and 4 writes, prepared, with BEGIN and COMMIT. */
    READ_WRITE("read write", "query", false, "oltp_read_write", "--db-ps-mode=auto"),
    /** One result of 10,000 rows, as text. */
    ROWS_10K("10,000-row result", "result", false, "rows.lua", ""),
    /** Connect, log in, one select, disconnect, without TLS. */
    CONNECT("connect, select, disconnect", "cycle", false, "reconnect.lua", ""),
    /** The same with TLS to the client. */
    CONNECT_TLS("connect, select, disconnect, TLS", "cycle", true, "reconnect.lua", "");

    private final String title;
    private final String unit;
    private final boolean tls;
    private final String script;
    private final String option;

    Workload(String title, String unit, boolean tls, String script, String option) {
        this.title = title;
        this.unit = unit;
        this.tls = tls;
        this.script = script;
        this.option = option;
    }

    /** What tables call it. */
    public String title() {
        return title;
    }

    /** What is counted: query, result or cycle. */
    public String unit() {
        return unit;
    }

    /** Whether sysbench uses TLS. */
    public boolean tls() {
        return tls;
    }

    /** The sysbench script: the name of a built-in one, or a file of this package. */
    public String script() {
        return script;
    }

    /** Further sysbench options, none or one. */
    public List<String> options() {
        return option.isEmpty() ? List.of() : List.of(option);
    }

    /** Whether each event logs in anew. */
    public boolean reconnects() {
        return this == CONNECT || this == CONNECT_TLS;
    }
}
