package io.moha.it.raw;

import java.util.List;

/** Builds the payloads of commands. */
public final class Commands {

    private static final int TYPE_VAR_STRING = 0xFD;
    private static final int TYPE_BLOB = 0xFC;
    private static final int PARAMETER_COUNT_AVAILABLE = 8;

    private Commands() {}

    /** COM_QUERY, with an empty list of attributes when {@code caps} wants one. */
    public static byte[] query(String sql, int caps) {
        Bytes bytes = new Bytes().int1(0x03);
        if (Caps.has(caps, Caps.QUERY_ATTRIBUTES)) {
            bytes.lenenc(0).lenenc(1);
        }
        return bytes.text(sql).done();
    }

    /** COM_QUERY with one attribute, for a client that agreed on attributes. */
    public static byte[] queryWithAttribute(String sql, String name, String value) {
        return new Bytes()
                .int1(0x03)
                .lenenc(1)
                .lenenc(1)
                .int1(0)
                .int1(1)
                .int2(TYPE_VAR_STRING)
                .string(name)
                .string(value)
                .text(sql)
                .done();
    }

    /** A command of one byte and text up to the end. */
    public static byte[] text(int command, String text) {
        return new Bytes().int1(command).text(text).done();
    }

    /** A command about the statement {@code id}. */
    public static byte[] statement(int command, int id) {
        return new Bytes().int1(command).int4(id).done();
    }

    /** COM_STMT_FETCH. */
    public static byte[] fetch(int id, int rows) {
        return new Bytes().int1(0x1C).int4(id).int4(rows).done();
    }

    /** COM_STMT_SEND_LONG_DATA. */
    public static byte[] longData(int id, int parameter, String data) {
        return new Bytes().int1(0x18).int4(id).int2(parameter).text(data).done();
    }

    /** COM_SET_OPTION. */
    public static byte[] setOption(int option) {
        return new Bytes().int1(0x1B).int2(option).done();
    }

    /**
     * COM_STMT_EXECUTE with text parameters.
     *
     * @param flags 1 opens a cursor
     * @param values the parameters; one that begins with {@code long:} was sent before as long data
     * @param bind whether types and names are sent, as at the first execution
     */
    public static byte[] execute(int id, int flags, List<String> values, boolean bind, int caps) {
        boolean named = Caps.has(caps, Caps.QUERY_ATTRIBUTES) && !values.isEmpty();
        Bytes bytes = new Bytes().int1(0x17).int4(id);
        bytes.int1(named ? flags | PARAMETER_COUNT_AVAILABLE : flags).int4(1);
        if (values.isEmpty()) {
            return bytes.done();
        }
        if (named) {
            bytes.lenenc(values.size());
        }
        bytes.raw(new byte[(values.size() + 7) / 8]).int1(bind ? 1 : 0);
        for (String value : bind ? values : List.<String>of()) {
            bytes.int2(value.startsWith("long:") ? TYPE_BLOB : TYPE_VAR_STRING);
            if (named) {
                bytes.string("");
            }
        }
        for (String value : values) {
            if (!value.startsWith("long:")) {
                bytes.string(value);
            }
        }
        return bytes.done();
    }
}
