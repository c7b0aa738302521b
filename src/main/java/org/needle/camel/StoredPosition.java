package org.needle.camel;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;
import org.needle.client.FilePositions;
import org.needle.client.Positions;

/**
 * What {@code positionRepository} says.
 *
 * @param positions null: nowhere
 * @param file the file it is, if it is one
 */
record StoredPosition(@Nullable Positions positions, @Nullable Path file) {
    private static final String FILE = "file:";

    /** @param place names the stream, and is its key in a repository of several */
    static StoredPosition of(@Nullable Object option, String place, CamelContext context) {
        if (option instanceof StateRepository<?, ?> repository) {
            return new StoredPosition(new InRepository(typed(repository), place), null);
        }
        String text = option == null ? "" : option.toString().trim();
        if (text.isEmpty()) {
            return new StoredPosition(null, null);
        }
        String name = text.startsWith(FILE) ? text.substring(FILE.length()) : text;
        Path file = Path.of(stateDir(context)).resolve(name).toAbsolutePath().normalize();
        return new StoredPosition(new FilePositions(file), file);
    }

    /** Without a gateway in the context, which nobody needs for a stream, the default. */
    private static String stateDir(CamelContext context) {
        return context.hasComponent("push") instanceof PushComponent push
                ? push.getConfiguration().getStateDir()
                : new PushOptions().getStateDir();
    }

    @SuppressWarnings("unchecked") // whoever configures it for positions means texts
    private static StateRepository<String, String> typed(StateRepository<?, ?> repository) {
        return (StateRepository<String, String>) repository;
    }

    private record InRepository(StateRepository<String, String> repository, String key) implements Positions {
        @Override
        public @Nullable String load() {
            return repository.getState(key);
        }

        @Override
        public void store(String id) {
            repository.setState(key, id);
        }
    }
}
