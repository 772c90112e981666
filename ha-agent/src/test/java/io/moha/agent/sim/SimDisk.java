package io.moha.agent.sim;

import io.moha.agent.state.Ledger;
import org.jspecify.annotations.Nullable;

/** A file that outlives processes and boots. */
final class SimDisk implements Ledger.Disk {

    private byte @Nullable [] text;

    @Override
    public byte @Nullable [] read() {
        return text;
    }

    @Override
    public void write(byte[] newText) {
        text = newText;
    }
}
