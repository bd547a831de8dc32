"""What lists can be asked: the API refuses other parameters, pages ignore them."""
