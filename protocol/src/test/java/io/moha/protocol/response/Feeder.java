package io.moha.protocol.response;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows a stream to a tracker in pieces, as a session does: what the tracker is not done with comes
 * again in front of the next piece. Writes the events down.
 */
final class Feeder {

    private final ResponseTracker tracker;
    private final List<String> events = new ArrayList<>();
    private int bytesDone;

    Feeder(ResponseTracker tracker) {
        this.tracker = tracker;
    }

    List<String> events() {
        return events;
    }

    /** How many bytes of the stream belong to the response. */
    int bytesDone() {
        return bytesDone;
    }

    /** Shows {@code stream} cut at {@code cuts}, ascending, until the response is complete. */
    Feeder feed(ByteBuf stream, int... cuts) {
        ByteBuf left = Unpooled.EMPTY_BUFFER;
        int from = 0;
        for (int i = 0; i <= cuts.length && !tracker.isComplete(); i++) {
            int to = i == cuts.length ? stream.writerIndex() : cuts[i];
            // Some bytes in front, so that an index is not mistaken for an offset.
            ByteBuf shown =
                    Unpooled.buffer()
                            .writeZero(3)
                            .writeBytes(left)
                            .writeBytes(stream, from, to - from);
            shown.readerIndex(3);
            from = to;
            int position = accept(shown);
            bytesDone += position - 3;
            left = shown.slice(position, shown.writerIndex() - position);
        }
        return this;
    }

    private int accept(ByteBuf shown) {
        int position = shown.readerIndex();
        while (!tracker.isComplete()) {
            ResponseEvent event = tracker.accept(shown, position);
            position = tracker.position();
            if (event == ResponseEvent.MORE_BYTES) {
                break;
            }
            events.add(describe(event));
        }
        return position;
    }

    private String describe(ResponseEvent event) {
        return switch (event) {
            case OK, EOF -> event + " " + tracker.status();
            case ERR -> event + " " + tracker.errorNumber();
            case PREPARED ->
                    "%s id %d columns %d parameters %d"
                            .formatted(
                                    event,
                                    tracker.statementId(),
                                    tracker.columns(),
                                    tracker.parameters());
            case MORE_BYTES, LOCAL_INFILE, END -> event.toString();
        };
    }
}
