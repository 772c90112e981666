package io.moha.protocol.packet;

import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * An immutable string of bytes. Its {@link #toString} tells only the length, because some of these
 * strings are answers to authentication challenges.
 */
public final class Octets {

    /** No bytes. */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /** The bytes of {@code text} in {@code charset}. */
    public static Octets of(String text, Charset charset) {
        return text.isEmpty() ? EMPTY : new Octets(text.getBytes(charset));
    }

    /** Reads {@code length} bytes from {@code in}, which must have them. */
    public static Octets read(ByteBuf in, int length) {
        if (length == 0) {
            return EMPTY;
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return new Octets(bytes);
    }

    /** Appends the bytes to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** The byte at {@code index}. */
    public byte at(int index) {
        return bytes[index];
    }

    /** The bytes from {@code from} up to {@code to}. */
    public Octets slice(int from, int to) {
        return from == to ? EMPTY : new Octets(Arrays.copyOfRange(bytes, from, to));
    }

    /** A copy, which the caller may change. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The bytes as text in {@code charset}; what is no text there becomes U+FFFD. */
    public String text(Charset charset) {
        return new String(bytes, charset);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
