/** Clients and suites made by others, driven from here; they need Node, npm and Chromium. */
package org.needle.clients;
