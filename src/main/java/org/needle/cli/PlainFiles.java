package org.needle.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Passes over symbolic links, to files and to folders: a link in the inbox must not make a file from elsewhere on this machine
 * an event that everybody sees.
 */
public final class PlainFiles implements GenericFileFilter<File> {
    @Override
    public boolean accept(GenericFile<File> file) {
        Path path = file.getFile().toPath();
        return !Files.isSymbolicLink(path) && (file.isDirectory() || Files.isRegularFile(path));
    }
}
