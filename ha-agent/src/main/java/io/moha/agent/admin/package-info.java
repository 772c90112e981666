/**
 * What an agent shows and takes over HTTP: health checks, status, metrics, commands. It reads only
 * the picture that the loop published last, and decides nothing.
 */
@NullMarked
package io.moha.agent.admin;

import org.jspecify.annotations.NullMarked;
