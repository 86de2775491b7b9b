"""How the network is made: data sets, augmentation, architecture, training, evaluation.

The only part of the project that imports TensorFlow, Keras, scikit-learn and matplotlib.
"""
