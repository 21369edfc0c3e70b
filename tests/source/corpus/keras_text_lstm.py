from keras.models import Sequential
from keras.layers import Embedding, LSTM, Dense, Bidirectional, Conv1D, MaxPooling1D, SpatialDropout1D, GRU

vocab_size = 5000
maxlen = 120


def lstm_model():
    model = Sequential()
    model.add(Embedding(vocab_size, 64))
    model.add(SpatialDropout1D(0.2))
    model.add(Bidirectional(LSTM(48, return_sequences=True)))
    model.add(LSTM(32, dropout=0.2, recurrent_dropout=0.2))
    model.add(Dense(1, activation='sigmoid'))
    model.build((None, maxlen))
    return model


def conv_gru_model():
    return Sequential([
        Embedding(vocab_size, 32),
        Conv1D(filters=32, kernel_size=3, padding='same', activation='relu'),
        MaxPooling1D(pool_size=2),
        GRU(40),
        Dense(6, activation='softmax'),
    ])
