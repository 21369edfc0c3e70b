"""Translation by characters: an encoder whose states start a decoder."""
import keras
from keras.layers import LSTM, Bidirectional, Concatenate, Dense, GRU, Input

source_tokens, target_tokens = 71, 93
latent = 32

encoder_inputs = Input(shape=(21, source_tokens))
encoder = LSTM(latent, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]

decoder_inputs = Input(shape=(17, target_tokens))
decoder_lstm = LSTM(latent, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(target_tokens, activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)
model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy")

both = Bidirectional(GRU(latent // 2, return_sequences=True, return_state=True))
sequence, forwards, backwards = both(encoder_inputs)
start = Concatenate()([forwards, backwards])
attended = GRU(latent, return_sequences=True)(decoder_inputs, initial_state=start)
bidirectional = keras.Model([encoder_inputs, decoder_inputs], Dense(target_tokens)(attended))
