/** What the public port promises, tried from outside over real sockets. */
package org.needle.conformance;
