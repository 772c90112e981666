/**
 * The heart of the proxy: one client's session, from the moment it is logged in until it ends, over
 * as many servers as that takes.
 *
 * <pre>
 * client ─▶ FrontendHandler ─▶ SessionMachine ─▶ CommandPath ──▶ ServerLink ─▶ server
 * client ◀── ResponsePath ◀─── SessionMachine ◀─ BackendHandler ◀──────────── server
 * </pre>
 *
 * <p>Handlers translate channel callbacks into events and decide nothing. {@link
 * io.moha.proxy.session.SessionMachine} holds the state and hands events on: commands to the {@code
 * CommandPath}, responses to the {@code ResponsePath}, the question whether a command may pass to
 * the pure {@code PassageRules}, the question what a lost server means to the pure {@code
 * LossRules}, the search for another server to the {@code ServerSearch}. Everything of one session
 * happens on one event loop; nothing here is locked.
 */
@NullMarked
package io.moha.proxy.session;

import org.jspecify.annotations.NullMarked;
