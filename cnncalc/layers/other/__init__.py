"""Operations that a spec describes itself."""
