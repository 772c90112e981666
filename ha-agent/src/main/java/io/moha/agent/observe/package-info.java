/**
 * Looking: threads that read the store and the server again and again and publish whole immutable
 * pictures of them. Nothing is decided here.
 */
@NullMarked
package io.moha.agent.observe;

import org.jspecify.annotations.NullMarked;
