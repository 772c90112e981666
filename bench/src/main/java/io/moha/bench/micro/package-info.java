/**
 * JMH benchmarks of what every query passes: header scanner, response tracker, forward path, and
 * for comparison the frame decoder that the query path avoids. The bytes are those of sysbench's
 * point select and of a large result.
 */
@NullMarked
package io.moha.bench.micro;

import org.jspecify.annotations.NullMarked;
