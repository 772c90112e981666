/**
 * Doing what was decided: the lease and its renewal, and the ordered steps of promotion, freezing,
 * following, semi-sync changes and handing over. Each action can be repeated, and re-checks before
 * every step that matters that this node still leads the epoch it acts for.
 */
@NullMarked
package io.moha.agent.act;

import org.jspecify.annotations.NullMarked;
