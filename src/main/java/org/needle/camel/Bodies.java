package org.needle.camel;

import java.io.File;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.MessageHelper;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;

/** Messages to contents: what is text and what is binary. */
final class Bodies {
    private static final Pattern TEXT = Pattern.compile(
            "text/.*|application/(.*\\+)?(json|xml|yaml)|application/(x-www-form-urlencoded|x-ndjson|ndjson|jsonl|csv|javascript)");
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

    private Bodies() {}

    /**
     * The event that a message would be. A string is text. Bytes and streams are text if the header {@code Content-Type} says
     * so and they are valid in its charset, or if there is no such header and they are valid UTF-8; else they are binary. No
     * body is an empty text.
     *
     * @throws IllegalArgumentException if {@code name} is no event name
     * @throws CamelExchangeException if the body can be turned into neither text nor bytes
     */
    static Content content(Exchange exchange, @Nullable String name) throws CamelExchangeException {
        Message message = exchange.getMessage();
        if (message.getBody() == null) {
            return Content.text(name, "");
        }
        if (!isBytes(message.getBody())) {
            return Content.text(name, mandatory(message, String.class));
        }
        byte[] data = bytes(message);
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        if (type == null) {
            return Content.of(name, data);
        }
        byte[] text = isText(type) ? utf8(data, charset(type, exchange)) : null;
        return text == null ? new Content(name, data, false) : new Content(name, text, true);
    }

    /** Whether a body is bytes by nature, so that taking it for text is a guess. */
    static boolean isBytes(Object body) {
        return body instanceof byte[]
                || body instanceof ByteBuffer
                || body instanceof InputStream
                || body instanceof StreamCache
                || body instanceof WrappedFile
                || body instanceof File
                || body instanceof Path;
    }

    /** The body as bytes; a stream that is cached can be read again by the next leg. */
    static byte[] bytes(Message message) throws CamelExchangeException {
        MessageHelper.resetStreamCache(message);
        byte[] data = mandatory(message, byte[].class);
        MessageHelper.resetStreamCache(message);
        return data;
    }

    static <T> T mandatory(Message message, Class<T> type) throws CamelExchangeException {
        try {
            return message.getMandatoryBody(type);
        } catch (InvalidPayloadException e) {
            throw new CamelExchangeException(
                    "a body of type " + message.getBody().getClass().getName()
                            + " is neither text nor bytes: convert it first," + " with marshal or convertBodyTo",
                    message.getExchange(),
                    e);
        }
    }

    private static boolean isText(String type) {
        int end = type.indexOf(';');
        String bare = end < 0 ? type : type.substring(0, end);
        return bare.startsWith("text/")
                || TEXT.matcher(bare.trim().toLowerCase(Locale.ROOT)).matches();
    }

    /** The charset that the type names, else the exchange, else UTF-8; null if there is no such charset. */
    private static @Nullable Charset charset(String type, Exchange exchange) {
        Matcher named = type.indexOf(';') < 0 ? null : CHARSET.matcher(type);
        String name = named != null && named.find() ? named.group(1) : ExchangeHelper.getCharsetName(exchange, false);
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    /** Null if the bytes are not valid in the charset. */
    private static byte @Nullable [] utf8(byte[] data, @Nullable Charset charset) {
        if (charset == null) {
            return null;
        }
        if (charset.equals(StandardCharsets.UTF_8)) {
            return Content.isUtf8(data) ? data : null;
        }
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(data)).toString().getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
