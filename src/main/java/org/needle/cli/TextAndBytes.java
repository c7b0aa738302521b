package org.needle.cli;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.springframework.jms.support.converter.MessageConversionException;
import org.springframework.jms.support.converter.MessageConverter;

/**
 * The body of a JMS message, if it is text or bytes. An ObjectMessage is refused without looking into it: reading one would
 * create whatever objects its sender chose.
 */
public final class TextAndBytes implements MessageConverter {
    @Override
    public Object fromMessage(Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            return text.getText() == null ? "" : text.getText();
        }
        if (message instanceof BytesMessage bytes) {
            byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
            bytes.readBytes(body);
            return body;
        }
        String kind = message.getClass().getSimpleName();
        throw new MessageConversionException("a JMS message is text or bytes, this one is neither: " + kind);
    }

    @Override
    public Message toMessage(Object body, Session session) throws JMSException {
        if (body instanceof byte[] bytes) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(bytes);
            return message;
        }
        return session.createTextMessage(body.toString());
    }
}
