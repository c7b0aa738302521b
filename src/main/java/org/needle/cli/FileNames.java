package org.needle.cli;

import org.apache.camel.Exchange;
import org.apache.camel.Header;

/**
 * Names that follow from a file's, for the route {@code files}. In its expressions a method call on a name would put properties in
 * for whatever the name has in double braces.
 */
public final class FileNames {
    private FileNames() {}

    /** The folder of a file below the inbox; the whole name if it is directly in the inbox. */
    public static String folder(@Header(Exchange.FILE_NAME) String name) {
        int last = name.lastIndexOf('/');
        return last < 0 ? name : name.substring(0, last);
    }

    /** Where the reason is written why a file failed: beside it in the folder for such files, the exchange's property {@code failed}. */
    public static String reason(Exchange exchange) {
        String name = exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
        int file = name.lastIndexOf('/') + 1;
        return name.substring(0, file) + exchange.getProperty("failed") + "/" + name.substring(file) + ".reason.txt";
    }
}
