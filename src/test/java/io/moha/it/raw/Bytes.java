package io.moha.it.raw;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds a payload, little end first. Not thread-safe. */
public final class Bytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** One byte. */
    public Bytes int1(int value) {
        out.write(value);
        return this;
    }

    /** Two bytes. */
    public Bytes int2(int value) {
        return int1(value).int1(value >> 8);
    }

    /** Four bytes. */
    public Bytes int4(long value) {
        return int2((int) value).int2((int) (value >> 16));
    }

    /** A length-encoded integer below 2^32. */
    public Bytes lenenc(long value) {
        if (value < 251) {
            return int1((int) value);
        }
        if (value < 1 << 16) {
            return int1(0xFC).int2((int) value);
        }
        if (value < 1 << 24) {
            return int1(0xFD).int2((int) value).int1((int) (value >> 16));
        }
        return int1(0xFE).int4(value).int4(0);
    }

    /** The bytes as they are. */
    public Bytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Text in UTF-8, without length or end. */
    public Bytes text(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Text with a zero byte at its end. */
    public Bytes nul(String text) {
        return text(text).int1(0);
    }

    /** Text with its length before it. */
    public Bytes string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes with their length before them. */
    public Bytes string(byte[] bytes) {
        return lenenc(bytes.length).raw(bytes);
    }

    /** What was built. */
    public byte[] done() {
        return out.toByteArray();
    }
}
