"""The catalogue of models: capabilities, sizes, parameters and prices, as data."""
