/**
 * The few things every process needs and nobody else provides: points on the monotonic clock, and
 * the list in which configuration problems are collected. JDK only; nothing here knows MySQL or
 * etcd.
 */
@NullMarked
package io.moha.protocol.base;

import org.jspecify.annotations.NullMarked;
