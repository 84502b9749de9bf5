print("rationale")
